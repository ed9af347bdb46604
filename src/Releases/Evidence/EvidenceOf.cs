namespace Releases;

/// <summary>Reads the documents of a release's evidence.</summary>
public static class EvidenceOf
{
    /// <summary>A document's text, verified against its digest. Fails with <see cref="ProblemCode.Evidence"/>.</summary>
    public static async Task<byte[]> Read(IReleaseStore store, AppName app, string digest, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(digest);
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

    private static ProblemException Wrong(string digest, string how) => new Problem(
        ProblemCode.Evidence, $"the document {digest[..19]}… of the release's evidence {how}. The release itself isn't affected.",
        "Build the commit again.").ToException();
}
