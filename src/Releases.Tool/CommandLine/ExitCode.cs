namespace Releases.Tool;

/// <summary>The exit codes in addition to those of <see cref="ProblemKind"/>.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked for.</summary>
    public const int Success = 0;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
