namespace Releases.Aws;

/// <summary>Represents an image as people write it: <c>redis</c>, <c>redis:7</c>, <c>registry.example:5000/cache/redis:7</c>.</summary>
/// <param name="Registry">The registry's host name, or null for the default container registry.</param>
/// <param name="Repository">The repository's name.</param>
/// <param name="Tag">The tag; <c>latest</c> if none is stated.</param>
internal sealed record TaggedImage(string? Registry, string Repository, string Tag)
{
    public static TaggedImage Parse(string image)
    {
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : image[..slash];
        var isHost = first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost";
        var rest = isHost ? image[(slash + 1)..] : image;
        var colon = rest.LastIndexOf(':');
        return new(isHost ? first : null, colon < 0 ? rest : rest[..colon], colon < 0 ? "latest" : rest[(colon + 1)..]);
    }
}
