using System.Text;
using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Represents the recorded origin of a service's program, as a page shows it.</summary>
/// <param name="Service">The service.</param>
/// <param name="Recorded">The evidence that the build recorded.</param>
/// <param name="Components">The number of components in its bill of materials, or null if it has none or it can't be read.</param>
/// <param name="Problem">Why its bill of materials can't be read, or null.</param>
internal sealed record ReleaseEvidence(ServiceName Service, ServiceEvidence Recorded, int? Components, Problem? Problem)
{
    public const string Sbom = "sbom";
    public const string Provenance = "provenance";

    /// <summary>Reads the evidence of a release's services that have any. Each bill of materials takes one read from the store.</summary>
    public static async Task<IReadOnlyList<ReleaseEvidence>> Read(PageRequest request, Release release)
    {
        var bills = new Dictionary<string, (int? Components, Problem? Problem)>(StringComparer.Ordinal);
        var all = new List<ReleaseEvidence>();
        foreach (var (service, content) in release.Services.OrderBy(s => s.Key))
        {
            if (content.Evidence is not { } recorded) continue;
            (int? Components, Problem? Problem) bill = default;
            if (recorded.Sbom is { } digest && !bills.TryGetValue(digest, out bill)) bill = bills[digest] = await Count(request, digest);
            all.Add(new(service, recorded, bill.Components, bill.Problem));
        }

        return all;
    }

    /// <summary>Downloads one of the documents.</summary>
    public static async Task<IResult> Download(PageRequest request)
    {
        var app = await request.App();
        var release = await request.Release(app);
        var service = ServiceName.Parse((string)request.Http.Request.RouteValues["service"]!);
        var recorded = release.Services.GetValueOrDefault(service)?.Evidence;
        var (digest, name) = (string)request.Http.Request.RouteValues["document"]! switch
        {
            Sbom => (recorded?.Sbom, "bom.cdx"),
            Provenance => (recorded?.Provenance, "provenance"),
            _ => (null, ""),
        };
        if (digest is null)
            throw new Problem(
                ProblemCode.NotFound,
                $"{service} of v{release.Number} has no such document: nothing was recorded when it was built.").ToException();
        var text = await EvidenceOf.Read(request.Store, app.Name, digest, request.Cancel);
        return new TextFile($"{app.Name}-v{release.Number}-{service}.{name}.json", "application/json", Encoding.UTF8.GetString(text));
    }

    public string Address(AppName app, ReleaseId release, string document) =>
        $"/apps/{app}/releases/{release}/evidence/{Service}/{document}";

    private static async Task<(int?, Problem?)> Count(PageRequest request, string digest)
    {
        try
        {
            return (await EvidenceOf.CountComponents(request.Store, request.AppName, digest, request.Cancel), null);
        }
        catch (ProblemException unreadable)
        {
            return (null, unreadable.Problems[0]);
        }
    }
}
