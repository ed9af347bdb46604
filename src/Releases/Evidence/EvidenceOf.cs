using System.Text.Json;

namespace Releases;

/// <summary>Reads the documents of a release's evidence.</summary>
public static class EvidenceOf
{
    /// <summary>Returns a document's text, verified against its digest. Fails with <see cref="ProblemCode.Evidence"/>.</summary>
    public static async Task<byte[]> Read(IReleaseStore store, AppName app, string digest, CancellationToken cancel = default)
    {
        if (await store.ReadDocument(app, digest, cancel) is not { } compressed) throw Wrong(digest, "is missing");
        try
        {
            return new EvidenceDocument(digest, compressed).Text();
        }
        catch (InvalidDataException changed)
        {
            throw Wrong(digest, $"was changed ({changed.Message})");
        }
    }

    /// <summary>
    /// Returns the number of components in a bill of materials: packages, projects and frameworks. Fails with
    /// <see cref="ProblemCode.Evidence"/>.
    /// </summary>
    public static async Task<int> CountComponents(IReleaseStore store, AppName app, string digest, CancellationToken cancel = default)
    {
        var text = await Read(store, app, digest, cancel);
        try
        {
            using var bill = JsonDocument.Parse(text);
            return bill.RootElement.GetProperty("components").GetArrayLength();
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Wrong(digest, "isn't a bill of materials");
        }
    }

    private static ProblemException Wrong(string digest, string how) => new Problem(
        ProblemCode.Evidence, $"the document {digest[..19]}… of the release's evidence {how}. The release itself isn't affected.",
        "Build the commit again.").ToException();
}
