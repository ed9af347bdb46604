using System.CommandLine;

namespace Releases.Tool;

/// <summary><c>releases export</c>: writes a release to one file.</summary>
internal static class ReleaseExportCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.ReleaseArgument();
        var output = new Option<string?>("--output", "-o")
        { HelpName = "file", Description = "File to write (default: <app>-<release>.tar)" };
        return new Command("export", "Write a release into one file, as an OCI image layout") { release, output }
            .Example("dotnet convox releases export v12 -o hello.tar", "for a machine that can't reach this rack")
            .Example("skopeo inspect oci-archive:hello.tar:web", "other tools read the image of a service in it")
            .SetHandler(host, (call, cancel) => Export(call, ReleaseReference.Parse(call.Value(release)!), call.Value(output), cancel));
    }

    private static async Task Export(Invocation call, ReleaseReference reference, string? output, CancellationToken cancel)
    {
        var path = output is null ? null : FilePath.Of(call, output);
        var rack = await call.OpenToLook(cancel);
        var exported = await new ExportRelease(call.Operations(rack)).Run(
            call.App, reference, r => path ?? Path.Combine(call.Folder, $"{r.App}-{r.Id}.tar"), cancel);
        var release = exported.Release;
        if (call.Json)
            OutputJson.Write(call.Terminal.Out, new(release.Id.ToString(), exported.File, exported.Bytes, exported.Digest),
                OutputJson.Indented.ExportView);
        else
            call.Terminal.Out.WriteLine(
                $"Exported {release.Label} to {SafeText.Line(exported.File)} "
                    + $"({UnitFormat.Bytes(exported.Bytes)}, {exported.Digest})");
        call.Terminal.Say("The environment isn't in the file. Import the release: dotnet convox releases import <file> --rack <rack>");
    }
}
