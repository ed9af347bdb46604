using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Storage;

public sealed class MachineCheckTests : IDisposable
{
    private readonly DirectoryInfo _dotnet = Directory.CreateTempSubdirectory("dotnet-");
    private readonly MachineCheck _machine;
    private string? _root;

    private static readonly Dictionary<string, string> None = [];

    public MachineCheckTests()
    {
        _root = _dotnet.FullName;
        foreach (var version in (string[])["8.0.5", "10.1.2"]) _dotnet.CreateSubdirectory($"shared/Microsoft.NETCore.App/{version}");
        _machine = new(["linux-x64"], () => _root);
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
        var problem = _machine.CanRun(A.Artifact() with { Frameworks = [new("Microsoft.NETCore.App", needed)] }, None);
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
        Assert.Equal(runs ? null : ProblemCode.CannotRunHere, _machine.CanRun(A.Artifact() with { RuntimeIdentifiers = [made] }, None)?.Code);

    [Fact]
    public void What_is_installed_after_the_daemon_started_counts()
    {
        var artifact = A.Artifact() with { Frameworks = [new("Microsoft.NETCore.App", "10.0.0")] };
        _root = null;
        Assert.Contains("(no dotnet was found)", _machine.CanRun(artifact, None)!.Message, StringComparison.Ordinal);
        _root = _dotnet.FullName;
        Assert.Null(_machine.CanRun(artifact, None));
    }

    [Fact]
    public void This_machine_runs_what_runs_this_test() => Assert.Null(new MachineCheck().CanRun(
        A.Artifact() with { Frameworks = [new("Microsoft.NETCore.App", Environment.Version.ToString())] }, None));

    [Theory]
    [InlineData("9.0.0", "Major", true)]
    [InlineData("9.0.0", "LatestMajor", true)]
    [InlineData("9.0.0", "major", true)]
    [InlineData("11.0.0", "Major", false)]
    [InlineData("9.0.0", "Minor", false)]
    [InlineData("8.0.0", "LatestMinor", true)]
    [InlineData("10.0.0", "LatestPatch", false)]
    [InlineData("10.1.0", "LatestPatch", true)]
    [InlineData("10.1.0", "Disable", false)]
    [InlineData("10.1.2", "Disable", true)]
    public void The_policy_of_the_program_or_of_its_environment_chooses_the_framework(string needed, string policy, bool runs)
    {
        var artifact = A.Artifact() with { Frameworks = [new("Microsoft.NETCore.App", needed)] };
        var code = runs ? null : ProblemCode.CannotRunHere;
        Assert.Equal(code, _machine.CanRun(artifact with { RollForward = policy }, None)?.Code);
        var environment = new Dictionary<string, string> { ["DOTNET_ROLL_FORWARD"] = policy };
        Assert.Equal(code, _machine.CanRun(artifact with { RollForward = "LatestPatch" }, environment)?.Code);
    }

    [Fact]
    public void A_root_that_the_environment_names_has_the_frameworks()
    {
        var artifact = A.Artifact() with { Frameworks = [new("Microsoft.NETCore.App", "8.0.0")] };
        var problem = _machine.CanRun(artifact, new Dictionary<string, string> { ["DOTNET_ROOT"] = "/nowhere" });
        Assert.Contains("which this machine doesn't have in '/nowhere'.", problem?.Message, StringComparison.Ordinal);
        Assert.Null(new MachineCheck(["linux-x64"], () => null).CanRun(
            artifact, new Dictionary<string, string> { ["DOTNET_ROOT"] = _dotnet.FullName }));
    }
}
