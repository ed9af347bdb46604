using System.Text.RegularExpressions;
using Releases.EndToEnd.Tests.Publishing;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

/// <summary>What the README shows is what its commands print, for the sample and the tool as they are.</summary>
[Collection("racks")]
public sealed partial class The_demo_of_the_readme(PackedPackages packages)
{
    [Fact]
    public async Task Is_what_its_commands_print()
    {
        using var workspace = new Workspace(packages);
        var sample = Path.Combine(Repository.Root, "samples", "hello");
        foreach (var file in Directory.EnumerateFiles(sample, "*", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal)))
            workspace.Write(Path.GetRelativePath(sample, file), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await workspace.Git("init", "-q");
        await workspace.Git("add", "-A");
        await workspace.Git("commit", "-qm", "this is my commit message");
        workspace.Variables["CONVOX_APP"] = "hello";
        try
        {
            (await workspace.Publish("Hello.sln")).Succeeded();
            (await workspace.Tool("promote")).Succeeded();
            (await workspace.Tool("env", "set", "GREETING=Servus", "--promote")).Succeeded();

            var told = ToldInTheReadme();
            var printed = new List<string>();
            foreach (var line in told.Where(l => l.StartsWith("$ ", StringComparison.Ordinal)))
                printed.AddRange([line, .. await Run(workspace, line[2..])]);

            // When a person sees which service at what stage is a matter of moments.
            Assert.Equal(told.Where(l => !IsProgress(l)).Select(Alike), printed.Where(l => !IsProgress(l)).Select(Alike));
            Assert.Empty(told.Where(l => l.EndsWith(": rolled back", StringComparison.Ordinal)).Except(printed));
        }
        finally
        {
            (await workspace.Tool("rack", "stop")).Succeeded();
        }
    }

    private static IReadOnlyList<string> ToldInTheReadme()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));
        var begin = Array.FindIndex(lines, l => l.StartsWith("    $ dotnet convox env set CRASH", StringComparison.Ordinal));
        return [.. lines[begin..].TakeWhile(l => l.StartsWith("    ", StringComparison.Ordinal)).Select(l => l[4..])];
    }

    private static async Task<IReadOnlyList<string>> Run(Workspace workspace, string line)
    {
        if (line.StartsWith("curl ", StringComparison.Ordinal))
        {
            using var client = new HttpClient();
            var services = (await workspace.Tool("services", "--json")).Succeeded().Output;
            return [(await client.GetStringAsync(DirectUrl().Match(services).Groups["url"].Value, TestContext.Current.CancellationToken))
                .TrimEnd()];
        }

        var ran = await workspace.Tool(line["dotnet convox ".Length..].Split(' '));
        return [.. ran.Output.TrimEnd('\n').Split('\n'), .. ran.ExitCode == 0 ? (string[])[] : [$"(exit code {ran.ExitCode})"]];
    }

    private static bool IsProgress(string line) =>
        ((string[])["web: ", "worker: ", "Rolling back ", "…"]).Any(p => line.StartsWith(p, StringComparison.Ordinal));

    /// <summary>Without what is another each time: ids, numbers, commits, ages, durations, ports, and the widths that follow from
    /// them.</summary>
    private static string Alike(string line) => Spaces().Replace(Another().Replace(line, "…"), "  ");

    [GeneratedRegex(@"\b[RBP][A-Z]{10}\b|\bv\d+\b|\b[0-9a-f]{10}\b|\bnow\b|\b\d+ (second|minute)s? ago|\b\d+(\.\d+)? s\b|(?<=127\.0\.0\.1:)\d+", RegexOptions.ExplicitCapture)]
    private static partial Regex Another();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();

    [GeneratedRegex("\"directUrl\": \"(?<url>[^\"]+)\"")]
    private static partial Regex DirectUrl();
}
