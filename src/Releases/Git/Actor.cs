namespace Releases;

/// <summary>Determines who performs an action.</summary>
public static class Actor
{
    /// <summary>Leaves room for a name and the address of a CI run; every record and event stores it.</summary>
    private const int MaxLength = 512;

    /// <summary>
    /// Returns <c>CONVOX_ACTOR</c>, else the CI's actor with the address of the run (GitHub, GitLab, Azure Pipelines), else the caller's
    /// identity on the rack, else <c>user@host</c>.
    /// </summary>
    /// <param name="rack">The rack on which the action is performed.</param>
    /// <param name="variable">Looks up an environment variable of the process.</param>
    /// <param name="user">The name of the operating system's user.</param>
    /// <param name="host">The name of the machine.</param>
    /// <param name="cancel">Cancels the lookup.</param>
    public static async Task<string> On(
        Rack rack, Func<string, string?> variable, string user, string host, CancellationToken cancel = default)
    {
        string? Read(string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;
        var actor = Read("CONVOX_ACTOR") ?? GitHub(Read) ?? GitLab(Read) ?? AzurePipelines(Read)
            ?? await rack.Caller(cancel) ?? $"{user}@{host}";
        return string.Concat(actor.Where(c => !char.IsControl(c)).Take(MaxLength));
    }

    /// <summary>Returns the actor of this process.</summary>
    public static Task<string> On(Rack rack, CancellationToken cancel = default) =>
        On(rack, Environment.GetEnvironmentVariable, Environment.UserName, Environment.MachineName, cancel);

    private static string? GitHub(Func<string, string?> read) =>
        read("GITHUB_ACTIONS") is "true" && read("GITHUB_ACTOR") is { } actor ? WithRun(actor, CiRun.GitHub(read)) : null;

    private static string? GitLab(Func<string, string?> read) =>
        read("GITLAB_CI") is "true" && read("GITLAB_USER_LOGIN") is { } actor ? WithRun(actor, CiRun.GitLab(read)) : null;

    private static string? AzurePipelines(Func<string, string?> read) =>
        CiRun.IsAzure(read) && read("BUILD_REQUESTEDFOR") is { } actor ? WithRun(actor, CiRun.AzurePipelines(read)) : null;

    private static string WithRun(string actor, string? run) => run is null ? actor : $"{actor} ({run})";

    /// <summary>
    /// Returns the name and the address of the run of an actor; all of it is the name if there is no run. Actors state their names, so a
    /// name may end like a run; but only an HTTPS address in the form of a CI run is one.
    /// </summary>
    public static (string Name, Uri? Run) Split(string actor) =>
        actor.EndsWith(')') && actor.LastIndexOf(" (", StringComparison.Ordinal) is > 0 and var at
        && CiRun.Parse(actor[(at + 2)..^1]) is { } run ? (actor[..at], run) : (actor, null);
}
