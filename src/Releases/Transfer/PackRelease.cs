namespace Releases;

/// <summary>Reads the portable parts of a release from a rack.</summary>
internal sealed class PackRelease(Rack rack)
{
    /// <summary>
    /// Returns the portable parts of a release, after verifying all its artifacts. Fails with <see cref="ProblemCode.Incomplete"/>, or with
    /// the problem of an artifact.
    /// </summary>
    public async Task<PortableRelease> Run(Release release, CancellationToken cancel)
    {
        if (release.Manifest is not { } manifest) throw Incomplete(release, "it was made before the first build");
        if (release.Missing.Count > 0) throw Incomplete(release, $"no artifact yet for {string.Join(", ", release.Missing)}");
        foreach (var artifact in release.Services.Values.Select(s => s.Artifact!).DistinctBy(a => a.Digest))
            if (await rack.Artifacts.Verify(artifact, cancel) is { } wrong) throw wrong.ToException();
        var packed = new PortableRelease
        {
            Origin = ReleaseOrigin.Of(release, rack.Address),
            Description = release.Description,
            Oldest = release.Oldest,
            Manifest = await rack.Store.ReadManifest(manifest, cancel),
            Services = release.Services.ToDictionary(s => s.Key, s => new PortableService
            {
                Artifact = s.Value.Artifact!,
                BuildDescription = s.Value.BuildDescription,
                Commit = s.Value.Commit,
                Project = s.Value.Project,
                Evidence = s.Value.Evidence,
            }),
        };
        var documents = new List<EvidenceDocument>();
        foreach (var digest in packed.DocumentDigests)
            documents.Add(EvidenceDocument.Of(await EvidenceOf.Read(rack.Store, release.App, digest, cancel)));
        return packed with { Documents = documents };
    }

    private static ProblemException Incomplete(Release release, string why) => new Problem(
        ProblemCode.Incomplete, $"{release.Label} isn't complete: {why}.",
        Remedy.Do(Operation.Build, "Build it"), Unchanged: Problem.NothingChanged).ToException();
}
