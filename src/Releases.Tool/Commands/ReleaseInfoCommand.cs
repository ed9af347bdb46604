using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases info</c>: shows a release.</summary>
internal static class ReleaseInfoCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.ReleaseArgument();
        var evidence = new Option<bool>("--evidence") { Description = "Also show how its artifacts came about" };
        return new Command("info", "Show a release") { release, evidence }
            .Example("dotnet convox releases info ROCHMCOUESG")
            .Example("dotnet convox releases info v12 --evidence", "the SDK, the CI's run, the digests of SBOM and provenance")
            .SetHandler(host, (call, cancel) => Show(call, ReleaseReference.Parse(call.Value(release)!), call.Value(evidence), cancel));
    }

    private static async Task Show(Invocation call, ReleaseReference reference, bool withEvidence, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var release = await rack.Store.RequireRelease(app.Name, reference, cancel);
        var appStatus = await AppStatus.Read(app, rack, cancel);
        var environment = await rack.ReadEnvironment(release, cancel);

        if (call.Json) OutputJson.Write(call.Terminal.Out, ReleaseDetails.Of(release, appStatus, environment),
            OutputJson.Indented.ReleaseDetails);
        else
        {
            await Print(call, rack.Store, release, appStatus, environment);
            if (withEvidence) PrintEvidence(call, release);
        }
    }

    private static async Task Print(
        Invocation call, IReleaseStore store, Release release, AppStatus appStatus, EnvironmentSet environment)
    {
        Task<string> Label(ReleaseId id) => ReleaseLabel.Read(store, release.App, id);
        var facts = new Table();
        facts.Add("Release", release.Label);
        if (appStatus.CellOf(release, call.Now) is { Text.Length: > 0 } status) facts.Add("Status", status);
        facts.Add("Description", release.Description);
        facts.Add("Created", $"{RelativeTime.Of(release.CreatedAt, call.Now)} by {release.CreatedBy}");
        facts.Add("Build", release.Build?.ToString());
        facts.Add("Commit", release.Commit);
        if (release.BasedOn is { } basis) facts.Add("Based on", await Label(basis));
        if (release.CopyOf is { } copied) facts.Add("Copy of", await Label(copied));
        if (release.Origin is { } origin)
            facts.Add("Copied from", $"{origin}, made {RelativeTime.InSentence(origin.CreatedAt, call.Now)} by {origin.CreatedBy}");
        foreach (var (restored, source) in release.Restores.OrderBy(s => s.Key))
            facts.Add("Restores", $"{restored} of {await Label(source)}");
        if (release.Oldest is { } oldest) facts.Add("Oldest", $"v{oldest}: no rollback goes further back while this release is active");
        facts.Add("Environment", string.Join(' ', environment.Keys));
        if (release.Missing.Count > 0)
            facts.Add("Incomplete", new Cell($"no artifact yet for: {string.Join(", ", release.Missing)}", TextStyle.Bad));
        if (release.Pruned() is { } pruned) facts.Add("Pruned",
            new Cell($"{RelativeTime.Of(release.PrunedAt!.Value, call.Now)}. {call.Remedies.Line(pruned.Remedy!)}", TextStyle.Faint));
        if (appStatus.App.Pinned.Contains(release.Id)) facts.Add("Pinned", "yes");
        facts.Write(call.Terminal);

        if (release.Services.Count == 0) return;
        call.Terminal.Out.WriteLine();
        var services = new Table("SERVICE", "BUILD", "COMMIT", "ARTIFACT");
        foreach (var (name, service) in release.Services.OrderBy(s => s.Key))
            services.Add(name.ToString(), service.Build?.ToString(), StatusText.ShortCommit(service.Commit), service.Artifact?.Digest);
        services.Write(call.Terminal);
    }

    private static void PrintEvidence(Invocation call, Release release)
    {
        foreach (var (name, service) in release.Services.OrderBy(s => s.Key))
        {
            call.Terminal.Out.WriteLine();
            var facts = new Table();
            facts.Add("Service", name.ToString());
            if (service.Evidence is not { } evidence) facts.Add("Evidence", "none");
            else
            {
                facts.Add("SDK", evidence.Sdk);
                if (evidence.Run is { } run) facts.Add("CI run", run);
                facts.Add("SBOM", evidence.Sbom);
                facts.Add("Provenance", evidence.Provenance);
            }

            facts.Write(call.Terminal);
        }
    }
}
