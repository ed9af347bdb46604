using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

public sealed class MachineCheckTests : IDisposable
{
    private readonly DirectoryInfo _dotnet = Directory.CreateTempSubdirectory("dotnet-");
    private readonly MachineCheck _machine;

    public MachineCheckTests()
    {
        foreach (var version in (string[])["8.0.5", "10.1.2"]) _dotnet.CreateSubdirectory($"shared/Microsoft.NETCore.App/{version}");
        _machine = new(["linux-x64"], _dotnet.FullName);
    }

    public void Dispose() => _dotnet.Delete(recursive: true);

    [Theory]
    [InlineData("10.0.0", true)]
    [InlineData("10.1.2", true)]
    [InlineData("10.1.3", false)]
    [InlineData("10.2.0", false)]
    [InlineData("9.0.0", false)]
    [InlineData("8.0.0", true)]
    public void A_framework_will_do_when_it_is_as_new_and_of_the_same_major_version(string needed, bool runs)
    {
        var problem = _machine.CanRun(A.Artifact() with { Frameworks = [new("Microsoft.NETCore.App", needed)] });
        Assert.Equal(runs ? null : ProblemCode.CannotRunHere, problem?.Code);
        if (!runs) Assert.Contains($"Microsoft.NETCore.App {needed}", problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-x64", true)]
    [InlineData("any", true)]
    [InlineData("linux-musl-x64", false)]
    [InlineData("linux-arm64", false)]
    [InlineData("win-x64", false)]
    public void A_program_runs_on_the_system_it_was_published_for(string made, bool runs) =>
        Assert.Equal(runs ? null : ProblemCode.CannotRunHere, _machine.CanRun(A.Artifact() with { RuntimeIdentifiers = [made] })?.Code);

    [Fact]
    public void This_machine_runs_what_runs_this_test() => Assert.Null(new MachineCheck().CanRun(
        A.Artifact() with { Frameworks = [new("Microsoft.NETCore.App", Environment.Version.ToString())] }));
}
