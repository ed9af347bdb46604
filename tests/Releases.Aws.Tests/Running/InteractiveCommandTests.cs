using System.Diagnostics;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Running;

/// <summary>The two programs of an interactive task, in a real shell.</summary>
public sealed class InteractiveCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("convox-session-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private InteractiveCommand Programs => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("true", 0)]
    [InlineData("echo it\\'s; cd /; exit 3", 3)]
    public async Task The_container_exits_as_the_sessions_command_did(string text, int code)
    {
        using var container = Start(Programs.Waiting.Shell!);
        await InSession(new() { Shell = text });
        await container.WaitForExitAsync(Cancel);
        Assert.Equal(code, container.ExitCode);
    }

    [Fact]
    public async Task A_missing_program_exits_with_127()
    {
        using var container = Start(Programs.Waiting.Shell!);
        await InSession(new() { Arguments = ["./no-such-program", "a b"] });
        await container.WaitForExitAsync(Cancel);
        Assert.Equal(127, container.ExitCode);
    }

    [Fact]
    public async Task A_session_that_is_killed_ends_the_container()
    {
        using var container = Start(Programs.Waiting.Shell!);
        using var session = Start(await Text(new() { Shell = "sleep 600" }));
        await Patience.Until(() => File.Exists(Path.Combine(_folder, ".convox-run")));
        session.Kill(entireProcessTree: true);
        await session.WaitForExitAsync(Cancel);
        await container.WaitForExitAsync(Cancel);
        Assert.Equal(137, container.ExitCode);
    }

    [Fact]
    public async Task The_command_runs_in_the_containers_folder_with_its_words()
    {
        using var container = Start(Programs.Waiting.Shell!);
        using var session = Start(await Text(new() { Arguments = ["printf", "%s|", "a b", "it's", "$HOME"] }), from: "/");
        Assert.Equal("a b|it's|$HOME|", await session.StandardOutput.ReadToEndAsync(Cancel));
        using var another = Start(await Text(new() { Arguments = ["pwd"] }), from: "/");
        Assert.Equal(_folder, (await another.StandardOutput.ReadToEndAsync(Cancel)).Trim());
        container.Kill();
    }

    private async Task InSession(ProcessCommand command)
    {
        using var session = Start(await Text(command));
        await session.WaitForExitAsync(Cancel);
    }

    /// <summary>Once the container's own program has said where it is.</summary>
    private async Task<string> Text(ProcessCommand command)
    {
        var named = Path.Combine(_folder, ".convox-run.folder");
        await Patience.Until(() => File.Exists(named) && new FileInfo(named).Length > 0);
        return Programs.InSession(command);
    }

    private Process Start(string text, string? from = null) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", text])
    { WorkingDirectory = from ?? _folder, RedirectStandardOutput = true })!;
}
