namespace Releases.Tool;

/// <summary>Defines the exit codes in addition to those of <see cref="ProblemKind"/>.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded.</summary>
    public const int Success = 0;

    /// <summary>The command was ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
