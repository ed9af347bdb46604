namespace Releases.Aws;

/// <summary>Which release a task definition is of, by its tags; asked once each.</summary>
internal sealed class TaskReleases(EcsClient ecs)
{
    private readonly Dictionary<string, ReleaseId?> _known = [];

    /// <summary>The release; null: it isn't one.</summary>
    public async Task<ReleaseId?> ReleaseOf(string taskDefinition, CancellationToken cancel)
    {
        if (_known.TryGetValue(taskDefinition, out var known)) return known;
        var tag = TaskTags.Find((await ecs.TaskDefinition(taskDefinition, cancel)).Tags, TaskTags.Release);
        return _known[taskDefinition] = tag is null ? null : ReleaseId.Parse(tag);
    }
}
