namespace Releases;

/// <summary>Verifies that a release is as it was recorded and could be promoted now. Changes nothing.</summary>
public sealed class VerifyRelease(OperationContext context)
{
    /// <summary>Returns all checks in the order of the services, each with its problem.</summary>
    public async Task<VerifiedRelease> Run(AppName name, ReleaseReference reference, CancellationToken cancel = default)
    {
        var app = await context.Store.RequireApp(name, cancel);
        var release = await context.Store.RequireRelease(name, reference, cancel);
        var plan = await new ReleasePlanReader(context.Store, context.Rack.Vault, context.Rack.Name).Read(app, release, cancel);
        var environments = plan.Services.ToDictionary(s => s.Service.Name, s => s.Environment);
        var checks = new List<ReleaseCheck>();
        foreach (var (service, content) in release.Services.OrderBy(s => s.Key))
        {
            if (content.Artifact is not { } artifact) continue;
            var wrong = await context.Rack.Artifacts.Verify(artifact, cancel);
            checks.Add(new(service, "artifact", artifact.Digest, wrong));
            if (wrong is null)
            {
                var environment = environments.GetValueOrDefault(service) ?? new Dictionary<string, string>();
                checks.Add(new(service, "runtime", null, await context.Rack.Artifacts.CanRun(artifact, environment, cancel)));
            }

            if (content.Evidence is not { } evidence) continue;
            if (evidence.Sbom is { } sbom) checks.Add(new(service, "sbom", sbom, (await Document(name, sbom, cancel)).Problem));
            if (evidence.Provenance is { } provenance)
                checks.Add(new(service, "provenance", provenance, await Statement(name, provenance, artifact, cancel)));
        }

        checks.AddRange(plan.Problems.Count == 0 ? [new(null, "plan", null, null)] : plan.Problems.Select(
            p => new ReleaseCheck(null, "plan", null, p)));
        if (plan.Problems.Count == 0 && await context.Rack.CheckEnvironment(app, release, cancel) is { } missing)
            checks.Add(missing);
        return new(release, checks);
    }

    private async Task<Problem?> Statement(AppName app, string digest, Artifact artifact, CancellationToken cancel)
    {
        var (text, problem) = await Document(app, digest, cancel);
        return text is null || Provenance.Names(text, artifact.Digest) ? problem : new(
            ProblemCode.Evidence, $"the provenance {digest[..19]}… is about other artifacts than {artifact.Digest[..19]}….",
            "Build the commit again.");
    }

    private async Task<(byte[]? Text, Problem? Problem)> Document(AppName app, string digest, CancellationToken cancel)
    {
        try
        {
            return (await EvidenceOf.Read(context.Store, app, digest, cancel), null);
        }
        catch (ProblemException wrong)
        {
            return (null, wrong.Problems[0]);
        }
    }
}

/// <summary>Represents the result of verifying a release.</summary>
/// <param name="Release">The release.</param>
/// <param name="Checks">The checks that were made.</param>
public sealed record VerifiedRelease(Release Release, IReadOnlyList<ReleaseCheck> Checks)
{
    /// <summary>Whether no check found a problem.</summary>
    public bool IsSound => Checks.All(c => c.Problem is null);
}

/// <summary>Represents one check of a release.</summary>
/// <param name="Service">The service, or null for the whole release.</param>
/// <param name="What"><c>artifact</c>, <c>runtime</c>, <c>sbom</c>, <c>provenance</c>, <c>plan</c> or <c>secret</c>.</param>
/// <param name="Digest">The recorded digest.</param>
/// <param name="Problem">What is wrong, or null if nothing is.</param>
public sealed record ReleaseCheck(ServiceName? Service, string What, string? Digest, Problem? Problem);
