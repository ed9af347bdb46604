using System.CommandLine;
using System.Text;

namespace Releases.Tool;

/// <summary><c>releases sbom</c>: prints the bill of materials of a release's programs.</summary>
internal static class ReleaseSbomCommand
{
    public static Command Create(ToolHost host)
    {
        var release = CommonOptions.ReleaseArgument();
        var service = new Option<string?>("--service", "-s")
        { HelpName = "service", Description = "Service, if the release has several" };
        return new Command("sbom", "Print the bill of materials of a release (CycloneDX)") { release, service }
            .Example("dotnet convox releases sbom v12 > bom.cdx.json")
            .Example("dotnet convox releases sbom v12 --service worker", "of one program of several")
            .SetHandler(host, (call, cancel) => Print(call, ReleaseReference.Parse(call.Value(release)!), call.Value(service), cancel));
    }

    private static async Task Print(Invocation call, ReleaseReference reference, string? name, CancellationToken cancel)
    {
        var rack = await call.OpenToLook(cancel);
        var app = await rack.Store.RequireApp(call.App, cancel);
        var release = await rack.Store.RequireRelease(app.Name, reference, cancel);
        ServiceName? service = name is null ? null : ServiceName.Parse(name);
        if (service is { } one) await rack.Store.RequireServices(app, release, [one], cancel);
        var digests = release.Services.Where(s => service is null || s.Key == service)
            .Select(s => s.Value.Evidence?.Sbom).OfType<string>().Distinct().ToList();
        if (digests.Count > 1)
        {
            var named = release.Services.Where(s => s.Value.Evidence?.Sbom is not null).Select(s => s.Key).Order();
            throw new Problem(
                ProblemCode.Usage, $"{release.Label} has several programs.",
                $"Name one: --service {string.Join(", --service ", named)}.", ProblemKind.Usage).ToException();
        }

        if (digests is not [var digest])
            throw new Problem(
                ProblemCode.NotFound, $"{release.Label} has no bill of materials: nothing was recorded when it was built.",
                Remedy.Do(Operation.Build, "Build it again")).ToException();
        var text = Encoding.UTF8.GetString(await EvidenceOf.Read(rack.Store, app.Name, digest, cancel));
        call.Terminal.Out.WriteLine(SafeText.Data(call.Terminal, text));
    }
}
