using System.Diagnostics;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Documents;

/// <summary>A run whose job died or ran nothing doesn't end with <c>0 failed</c>.</summary>
public sealed class TestSumsTests : IDisposable
{
    private readonly DirectoryInfo _results = Directory.CreateTempSubdirectory("results-");

    public void Dispose() => _results.Delete(recursive: true);

    [Theory]
    [InlineData("Total: 3, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0", 0, "4 passed, 0 failed, 2 skipped")]
    [InlineData("Total: 3, Errors: 0, Failed: 1, Skipped: 1, Not Run: 0", 1, "3 passed, 1 failed, 2 skipped")]
    [InlineData("Total: 0, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", 0, "2 passed, 1 failed, 1 skipped")]
    [InlineData("Unhandled exception.", 134, "2 passed, 1 failed, 1 skipped")]
    [InlineData(null, null, "2 passed, 1 failed, 1 skipped")]
    public void Each_job_counts(string? log, int? code, string sums)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "runs bash");
        Job("Some.Job", "Total: 3, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0", 0);
        Job("Another", log, code);
        using var added = Process.Start(new ProcessStartInfo(
            "bash", [Path.Combine(Repository.Root, "build", "test-sums.sh"), _results.FullName, File("sums")])
        { RedirectStandardOutput = true })!;
        added.StandardOutput.ReadToEnd();
        added.WaitForExit();
        Assert.Equal((0, sums), (added.ExitCode, System.IO.File.ReadAllText(File("sums")).Trim()));
    }

    private void Job(string name, string? log, int? code)
    {
        System.IO.File.AppendAllText(File("jobs"), $"{name} tests/program -class X\n");
        if (log is not null) System.IO.File.WriteAllText(File($"{name}.log"), log);
        if (code is not null) System.IO.File.WriteAllText(File($"{name}.code"), $"{code}");
        System.IO.File.WriteAllText(File("Some.Job.xml"), """<test name="a" time="0.1"/>""");
    }

    private string File(string name) => Path.Combine(_results.FullName, name);
}
