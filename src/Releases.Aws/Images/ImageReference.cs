using System.Text.RegularExpressions;

namespace Releases.Aws;

/// <summary>Represents the location of an image: <c>registry/repository@digest</c>.</summary>
/// <param name="Registry">The registry's host name; the default container registry if empty.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits.</param>
internal sealed partial record ImageReference(string Registry, string Repository, string Digest)
{
    /// <summary>Parses a reference; returns null if it isn't pinned by a digest.</summary>
    public static ImageReference? Parse(string? text)
    {
        if (text?.Split('@') is not [{ Length: > 0 } name, var digest] || !Digests().IsMatch(digest)) return null;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new("", name, digest) : new(name[..slash], name[(slash + 1)..], digest);
    }

    /// <inheritdoc/>
    public override string ToString() => Registry.Length == 0 ? $"{Repository}@{Digest}" : $"{Registry}/{Repository}@{Digest}";

    [GeneratedRegex("^sha256:[0-9a-f]{64}$")]
    private static partial Regex Digests();
}
