namespace Releases.Aws;

/// <summary>Determines the release of task definitions from their tags; each is read once.</summary>
internal sealed class TaskReleases(EcsClient ecs)
{
    private readonly Dictionary<string, ReleaseId?> _known = [];

    /// <summary>Returns the release, or null if the task definition isn't one's.</summary>
    public async Task<ReleaseId?> ReleaseOf(string taskDefinition, CancellationToken cancel)
    {
        if (_known.TryGetValue(taskDefinition, out var known)) return known;
        var tag = TaskTags.Find((await ecs.TaskDefinition(taskDefinition, cancel)).Tags, TaskTags.Release);
        return _known[taskDefinition] = tag is null ? null : ReleaseId.Parse(tag);
    }
}
