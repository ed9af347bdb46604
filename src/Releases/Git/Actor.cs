namespace Releases;

/// <summary>Says by whom something is done.</summary>
public static class Actor
{
    /// <summary>A name and the address of a run have room in it; every record and event has it.</summary>
    private const int MaxLength = 512;

    /// <summary>
    /// <c>CONVOX_ACTOR</c>, else the CI's actor with the address of the run (GitHub, GitLab, Azure Pipelines), else whom the
    /// rack takes the caller for (on AWS an ARN), else <c>user@host</c>.
    /// </summary>
    /// <param name="rack">The rack that it is done on.</param>
    /// <param name="variable">Looks a variable of the process's environment up.</param>
    /// <param name="user">The system's name of the user.</param>
    /// <param name="host">The name of the machine.</param>
    /// <param name="cancel">Ends the asking.</param>
    public static async Task<string> On(
        Rack rack, Func<string, string?> variable, string user, string host, CancellationToken cancel = default)
    {
        string? Read(string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;
        var actor = Read("CONVOX_ACTOR") ?? GitHub(Read) ?? GitLab(Read) ?? AzurePipelines(Read)
            ?? await rack.Caller(cancel) ?? $"{user}@{host}";
        return string.Concat(actor.Where(c => !char.IsControl(c)).Take(MaxLength));
    }

    /// <summary>Who runs this process.</summary>
    public static Task<string> On(Rack rack, CancellationToken cancel = default) =>
        On(rack, Environment.GetEnvironmentVariable, Environment.UserName, Environment.MachineName, cancel);

    private static string? GitHub(Func<string, string?> read) =>
        read("GITHUB_ACTIONS") is "true" && read("GITHUB_ACTOR") is { } actor ? WithRun(actor, CiRun.GitHub(read)) : null;

    private static string? GitLab(Func<string, string?> read) =>
        read("GITLAB_CI") is "true" && read("GITLAB_USER_LOGIN") is { } actor ? WithRun(actor, CiRun.GitLab(read)) : null;

    private static string? AzurePipelines(Func<string, string?> read) =>
        CiRun.IsAzure(read) && read("BUILD_REQUESTEDFOR") is { } actor ? WithRun(actor, CiRun.AzurePipelines(read)) : null;

    private static string WithRun(string actor, string? run) => run is null ? actor : $"{actor} ({run})";
}
