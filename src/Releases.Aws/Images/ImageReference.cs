namespace Releases.Aws;

/// <summary>Where an image lies: <c>registry/repository@digest</c>.</summary>
/// <param name="Registry">The registry's host.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
public sealed record ImageReference(string Registry, string Repository, string Digest)
{
    /// <summary>The reference; null where it is not pinned by a digest.</summary>
    public static ImageReference? Parse(string? text)
    {
        if (text?.Split('@') is not [var name, var digest] || !digest.StartsWith("sha256:", StringComparison.Ordinal)) return null;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash <= 0 ? null : new(name[..slash], name[(slash + 1)..], digest);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Registry}/{Repository}@{Digest}";
}
