using System.Text.RegularExpressions;

namespace Releases.Aws;

/// <summary>A cluster of Amazon ECS: <c>aws://&lt;region&gt;/&lt;cluster&gt;</c>.</summary>
/// <param name="Region">The region, for example <c>eu-west-1</c>.</param>
/// <param name="Cluster">The cluster's name.</param>
internal sealed partial record AwsAddress(string Region, string Cluster)
{
    /// <summary>The address, or null if the text is not one.</summary>
    public static AwsAddress? TryParse(string text) =>
        Form().Match(text) is { Success: true } match ? new(match.Groups[1].Value, match.Groups[2].Value) : null;

    /// <inheritdoc/>
    public override string ToString() => $"aws://{Region}/{Cluster}";

    /// <summary>
    /// Regions as in <c>us-gov-west-1</c>; clusters as ECS names them, up to 255 letters, digits, hyphens and underscores.
    /// </summary>
    [GeneratedRegex(@"\Aaws://([a-z]{2,}(?:-[a-z]+)+-[0-9]+)/([A-Za-z0-9_-]{1,255})/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
