using System.Net;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class EvidencePageTests : Browsing
{
    private const string Bill = """{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"A"},{"name":"B"}]}""";

    [Fact]
    public async Task A_release_shows_how_many_components_it_has_and_gives_its_documents_as_they_were_recorded()
    {
        var release = await Released(Bill);
        var page = await Get($"/apps/hello/releases/{release.Id}");
        Assert.Contains("SDK 10.0.401, https://ci.example/12 2 components Download", page.Text.Replace(" ,", ",", StringComparison.Ordinal),
            StringComparison.Ordinal);
        var file = await Get($"/apps/hello/releases/{release.Id}/evidence/web/sbom");
        Assert.Equal((HttpStatusCode.OK, Bill), (file.Status, file.Html));
        Assert.Equal(("application/json", $"attachment; filename=\"hello-v{release.Number}-web.bom.cdx.json\""),
            (file.Headers["Content-Type"], file.Headers["Content-Disposition"]));
        Assert.Equal("{}", (await Get($"/apps/hello/releases/{release.Id}/evidence/web/provenance")).Html);
        foreach (var none in (string[])["web/other", "none/sbom"])
            Assert.Equal(HttpStatusCode.NotFound, (await Get($"/apps/hello/releases/{release.Id}/evidence/{none}")).Status);
    }

    [Fact]
    public async Task Verify_shows_each_check_and_what_is_wrong_where_it_is()
    {
        var release = await Released(Bill);
        await Get($"/apps/hello/releases/{release.Id}");
        var page = await Get($"/apps/hello/releases/{release.Id}/verify");
        Assert.Contains("web artifact ok", page.Text, StringComparison.Ordinal);
        Assert.Contains("web provenance wrong CONVOX0065", page.Text, StringComparison.Ordinal);
        Assert.Contains("can’t be promoted as it is.", page.Text, StringComparison.Ordinal);
        Rack.Stored.Damaged.Add(release.Services[A.Web].Artifact!.Digest);
        Assert.Contains("web artifact wrong", (await Get($"/apps/hello/releases/{release.Id}/verify")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_is_missing_or_none_is_said_in_its_place_and_the_page_stays()
    {
        foreach (var (bill, how) in new[] { ("[]", "isn't a bill of materials"), (null, "is missing") })
        {
            var release = await Released(bill);
            var page = await Get($"/apps/hello/releases/{release.Id}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.Contains("CONVOX0065 the document sha256:", page.Text, StringComparison.Ordinal);
            Assert.Contains(how, page.Text, StringComparison.Ordinal);
        }
    }

    private async Task<Release> Released(string? bill)
    {
        EvidenceDocument[] documents = [.. new[] { bill, "{}" }.OfType<string>()
            .Select(text => EvidenceDocument.Of(Encoding.UTF8.GetBytes(text)))];
        var evidence = new ServiceEvidence
        {
            Sdk = "10.0.401",
            Run = "https://ci.example/12",
            Sbom = bill is null ? A.Artifact("sbom").Digest : documents[0].Digest,
            Provenance = documents[^1].Digest,
        };
        return await Rack.Store.Release(with: r => r with
        {
            Services = r.Services.ToDictionary(s => s.Key,
                s => s.Value with { Artifact = Rack.Stored.Add(s.Value.Artifact!), Evidence = evidence }),
        }, documents: documents, cancel: Ending);
    }
}
