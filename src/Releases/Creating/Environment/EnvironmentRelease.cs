namespace Releases;

/// <summary>Creates a release from a change of the environment. Deploys nothing.</summary>
public sealed class EnvironmentRelease(Rack rack, TimeProvider time)
{
    /// <summary>Gets the base that <see cref="Create"/> found to have the environment already, or null before the first release.</summary>
    public Release? Unchanged { get; private set; }

    /// <summary>Gets the variables that the change was to remove and the base doesn't have, with those that it has.</summary>
    internal (IReadOnlyList<string> Missing, EnvironmentSet Before) Absent { get; private set; } = ([], EnvironmentSet.Empty);

    /// <summary>Applies the change to the current base; returns null, without a release, if it changes nothing.</summary>
    /// <param name="request">The change.</param>
    /// <param name="write">
    /// Writes the release together with the start of its promotion; returns false if another release was added or became active first, and
    /// the change is applied to the new base. Null to add the release alone.
    /// </param>
    /// <param name="cancel">Cancels the operation before the write.</param>
    public async Task<CreatedRelease?> Create(
        EnvironmentRequest request, Func<ReleaseAddition, Task<bool>>? write, CancellationToken cancel)
    {
        var added = await new AppendRelease(rack.Store, time).Run(request.App, request.From, async from =>
        {
            if (request is { ToPromote: true, From: null }) await BaseChoice.RequireUnambiguous(rack.Store, from.App, cancel);
            var before = await Open(from.Base, cancel);
            var after = request.Edit.ApplyTo(before);
            Absent = ([.. request.Edit.Unset.Where(k => !before.TryGet(k, out _))], before);
            var change = EnvironmentChange.Between(before, after);
            if (change.IsEmpty)
            {
                Unchanged = from.Base;
                return null;
            }

            var release = from.Next(change.Description, time.GetUtcNow(), request.By);
            if (after.Count == 0) return from.Addition(release with { Environment = null });
            var snapshot = SnapshotId.New();
            var sealedBytes = await rack.Vault.Seal(request.App, snapshot, after, cancel);
            return from.Addition(release with { Environment = snapshot }, snapshot: sealedBytes);
        }, cancel, write);
        return added is null ? null : new(added.Addition.Release, null, added.Note, []);
    }

    /// <summary>
    /// Returns the environment of a release: <c>active</c>, <c>latest</c>, an id or a number; of the latest if null. Empty before the first
    /// release.
    /// </summary>
    public async Task<EnvironmentSet> Read(AppName name, string? from = null, CancellationToken cancel = default) =>
        await Open((await ReleaseBase.Read(rack.Store, name, from, cancel)).Base, cancel);

    private async Task<EnvironmentSet> Open(Release? release, CancellationToken cancel) =>
        release is null ? EnvironmentSet.Empty : await rack.ReadEnvironment(release, cancel);
}
