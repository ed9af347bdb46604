using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Releases.Aws;

/// <summary>
/// Runs a session of ECS Exec: ECS opens it, and AWS's session-manager-plugin, invoked as the AWS CLI does, connects the terminal to it.
/// </summary>
internal sealed class ExecSession(EcsClient ecs, AwsConnection aws)
{
    private const string Plugin = "session-manager-plugin";

    /// <summary>The variable from which the plugin takes a session whose argument is this name.</summary>
    private const string SessionVariable = "AWS_SSM_START_SESSION_RESPONSE";

    /// <summary>The first version of the plugin that reads the variable, by its release notes.</summary>
    private static readonly Version FirstWithVariable = new(1, 2, 536, 0);

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
        var readsVariable = await ReadsVariable(plugin, cancel);
        var session = (await ecs.Execute(task.Arn, container, command, cancel))["session"]!.ToJsonString();
        var runtime = task.Container(container)?.Raw.Text("runtimeId");
        var target = new JsonObject { ["Target"] = $"ecs:{ecs.Cluster}_{EcsTask.IdIn(task.Arn)}_{runtime}" };
        string[] arguments = [readsVariable ? SessionVariable : session, aws.Region, "StartSession", AwsConnection.Profile,
            target.ToJsonString(), aws.EcsEndpoint];
        var start = new ProcessStartInfo(plugin, arguments);
        if (readsVariable) start.Environment[SessionVariable] = session;
        return await caller.LeaveTo(() => ForegroundProgram.Run(start, p => p.Kill(), cancel));
    }

    /// <summary>
    /// Determines whether the plugin takes the session from a variable. It holds a token for a shell in the container, and every user of
    /// the machine can read the arguments of a process.
    /// </summary>
    private static async Task<bool> ReadsVariable(string plugin, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(plugin, ["--version"]) { RedirectStandardOutput = true })!;
        await using var _ = cancel.Register(() => process.Kill());
        var version = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return Version.TryParse(version.Trim(), out var found) && found >= FirstWithVariable;
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
