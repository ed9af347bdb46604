using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Runs a session of ECS Exec: ECS opens it, and AWS's session-manager-plugin, invoked as the AWS CLI does, connects the terminal to it.
/// </summary>
internal sealed class ExecSession(EcsClient ecs, AwsConnection aws)
{
    private const string Plugin = "session-manager-plugin";

    /// <summary>
    /// Returns the plugin's path. Checked before a session is opened, because a session can't be used without the plugin.
    /// </summary>
    public string RequirePlugin() => aws.Program(Plugin) ?? throw new Problem(
        ProblemCode.NotSupported, $"{Plugin} isn't installed, and ECS Exec needs it.",
        "Install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html")
        .ToException();

    /// <summary>Runs a command in a container, and returns the plugin's exit code, which isn't the command's.</summary>
    /// <param name="plugin">The plugin's path.</param>
    /// <param name="task">The task to run it in.</param>
    /// <param name="container">The name of the container.</param>
    /// <param name="command">The command, as one text.</param>
    /// <param name="caller">The caller whose terminal it gets.</param>
    /// <param name="cancel">Ends the plugin.</param>
    public async Task<int> Run(
        string plugin, EcsTask task, string container, string command, IOneOffCaller caller, CancellationToken cancel)
    {
        var session = (await ecs.Execute(task.Arn, container, command, cancel))["session"]!;
        var runtime = task.Container(container)?.Raw.Text("runtimeId");
        var target = new JsonObject { ["Target"] = $"ecs:{ecs.Cluster}_{EcsTask.IdIn(task.Arn)}_{runtime}" };
        string[] arguments = [session.ToJsonString(), aws.Region, "StartSession", AwsConnection.Profile,
            target.ToJsonString(), aws.EcsEndpoint];
        return await caller.LeaveTo(() => ForegroundProgram.Run(new ProcessStartInfo(plugin, arguments), p => p.Kill(), cancel));
    }

    /// <summary>Returns the command as one text, which ECS splits like a shell.</summary>
    internal static string ShellText(ProcessCommand command) => command.Shell is { } text
        ? InShell(text) : string.Join(' ', command.Arguments.Select(a => a.Length > 0 && a.All(IsPlain) ? a : Quoted(a)));

    /// <summary>Returns a command that runs a text in a shell.</summary>
    internal static string InShell(string text) => $"/bin/sh -c {Quoted(text)}";

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char letter) =>
        char.IsAsciiLetterOrDigit(letter) || "-_./:=@%+,".Contains(letter, StringComparison.Ordinal);
}
