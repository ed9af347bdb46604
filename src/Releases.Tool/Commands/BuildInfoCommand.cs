using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>builds info</c>: shows a build.</summary>
internal static class BuildInfoCommand
{
    public static Command Create(ToolHost host)
    {
        var id = new Argument<string>("build") { Description = "Id (BBLTITAIGHI)" };
        return new Command("info", "Show a build") { id }.Example("dotnet convox builds info BBLTITAIGHI").SetHandler(host,
            (call, cancel) => Show(call, BuildId.Parse(call.Value(id)!), cancel));
    }

    private static async Task Show(Invocation call, BuildId id, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var build = await Require(call, rack, id, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, BuildView.Of(build), OutputJson.Indented.BuildView);
        else await Print(call, rack, build);
    }

    /// <summary>Returns the build. Fails if it doesn't exist.</summary>
    public static async Task<Build> Require(Invocation call, Rack rack, BuildId id, CancellationToken cancel)
    {
        var app = await rack.Store.RequireApp(call.App, cancel);
        return (await rack.Store.RequireBuild(app.Name, id, cancel)).AsOf(call.Now);
    }

    private static async Task Print(Invocation call, Rack rack, Build build)
    {
        var facts = new Table();
        facts.Add("Id", build.Id.ToString());
        facts.Add("Status", BuildsCommand.Status(build));
        if (build.Reason is { } reason) facts.Add("Reason", reason);
        facts.Add("Release", build.Release is { } made ? await ReleaseLabel.Read(rack.Store, build.App, made) : null);
        facts.Add("Description", build.Description);
        facts.Add("Commit", build.Commit);
        if (build.Origin is { } origin) facts.Add("Copied from", origin.ToString());
        facts.Add("Started", $"{RelativeTime.Of(build.StartedAt, call.Now)} by {build.StartedBy}");
        facts.Add("Elapsed", Duration.Elapsed((build.EndedAt ?? call.Now) - build.StartedAt));
        foreach (var (service, artifact) in build.Artifacts.OrderBy(a => a.Key)) facts.Add("Artifact", $"{service} {artifact.Digest}");
        facts.Write(call.Terminal);
    }
}
