namespace Releases;

/// <summary>Defines the exit codes of commands, which scripts rely on; docs/commands.md lists them.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>The command failed. Nothing that is running changed, unless its message says what did.</summary>
    public const int Failed = 1;

    /// <summary>The usage is wrong.</summary>
    public const int Usage = 2;

    /// <summary>
    /// A promotion failed or was cancelled, and the previous release is verified to be live; or it ended before it touched any
    /// process.
    /// </summary>
    public const int PromotionFailed = 3;

    /// <summary>Manual action is needed.</summary>
    public const int NeedsPerson = 4;

    /// <summary>Another promotion of the app is running.</summary>
    public const int Busy = 5;

    /// <summary>The command was ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    /// <summary>Returns the exit code of a command that ended with a problem.</summary>
    public static int Of(ProblemKind kind) => kind switch
    {
        ProblemKind.Usage => Usage,
        ProblemKind.PromotionFailed => PromotionFailed,
        ProblemKind.NeedsPerson => NeedsPerson,
        ProblemKind.Busy => Busy,
        _ => Failed,
    };
}
