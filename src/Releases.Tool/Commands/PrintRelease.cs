namespace Releases.Tool;

/// <summary>Prints a release that a command has made.</summary>
internal static class PrintRelease
{
    public static void Print(Invocation call, Release release, bool idOnly)
    {
        if (idOnly) call.Terminal.Out.WriteLine(release.Id);
        else if (call.Json) OutputJson.Write(call.Terminal.Out, ReleaseView.New(release), OutputJson.Indented.ReleaseView);
        else call.Terminal.Out.WriteLine(
            $"Created {release.Label}{(release.Description.Length > 0 ? $": {SafeText.Line(release.Description)}" : "")}");
    }
}
