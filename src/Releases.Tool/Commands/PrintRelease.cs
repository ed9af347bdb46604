namespace Releases.Tool;

/// <summary>Prints a release that a command has made.</summary>
internal static class PrintRelease
{
    public static async Task Print(Invocation call, Rack rack, Release release, bool idOnly, CancellationToken cancel)
    {
        if (idOnly) call.Terminal.Out.WriteLine(release.Id);
        else if (call.Json)
            OutputJson.Write(
                call.Terminal.Out, ReleaseView.Of(release, await AppStatus.Read(await rack.Store.RequireApp(release.App, cancel), rack.Store, cancel)),
                OutputJson.Indented.ReleaseView);
        else call.Terminal.Out.WriteLine($"Created {release.Id} (v{release.Number}){(release.Description.Length > 0 ? $": {SafeText.Line(release.Description)}" : "")}");
    }
}
