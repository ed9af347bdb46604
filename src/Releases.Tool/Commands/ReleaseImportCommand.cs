using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases import</c>: makes a release from a file that <c>releases export</c> wrote.</summary>
internal static class ReleaseImportCommand
{
    public static Command Create(ToolHost host)
    {
        var file = new Argument<string>("file") { Description = "File that releases export wrote" };
        var digest = new Option<string?>("--digest")
        { HelpName = "sha256:…", Description = "Digest that export printed; refuse any other" };
        var id = new Option<bool>("--id") { Description = "Print only the id of the new release" };
        return new Command("import", "Create a release from an exported file") { file, digest, id }
            .Example("dotnet convox releases import hello.tar", "into an app of the same name")
            .Example("dotnet convox releases import hello.tar --app shop --rack local:/srv/convox", "into another app, on another rack")
            .SetHandler(host, (call, cancel) => Import(call, call.Value(file)!, call.Value(digest), call.Value(id), cancel));
    }

    private static async Task Import(Invocation call, string file, string? digest, bool idOnly, CancellationToken cancel)
    {
        var path = FilePath.Of(call, file);
        var rack = await call.OpenRack(cancel);
        var created = await new ImportRelease(call.Operations(rack))
            .Run(path, call.StatedApp, digest, cancel);
        await PrintReceived.Print(call, rack, created, idOnly, cancel);
    }
}
