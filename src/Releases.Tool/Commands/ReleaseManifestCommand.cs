using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases manifest</c>: prints the convox.yml that a release was made with.</summary>
internal static class ReleaseManifestCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.ReleaseArgument();
        return new Command("manifest", "Print the convox.yml of a release") { release }
            .Example("dotnet convox releases manifest v12")
            .SetHandler(host, (call, cancel) => Print(call, ReleaseReference.Parse(call.Value(release)!), cancel));
    }

    private static async Task Print(Invocation call, ReleaseReference reference, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var release = await rack.Store.RequireRelease(app.Name, reference, cancel);
        if (release.Manifest is not { } id)
            throw new Problem(
                ProblemCode.NotFound, $"{release.Label} has no convox.yml: it was made before the first build.",
                Remedy.Do(Operation.Build, "Make a release that has one")).ToException();

        var text = await rack.Store.ReadManifest(id, cancel);
        if (call.Json) OutputJson.Write(call.Terminal.Out, new(release.Id.ToString(), id.ToString(), text),
            OutputJson.Indented.ManifestView);
        else call.Terminal.Out.Write(SafeText.Data(call.Terminal, text.EndsWith('\n') ? text : text + "\n"));
    }
}
