using System.Text.RegularExpressions;

namespace Releases.Aws;

/// <summary>Represents the address of an Amazon ECS cluster: <c>aws://&lt;region&gt;/&lt;cluster&gt;</c>.</summary>
/// <param name="Region">The region, for example <c>eu-west-1</c>.</param>
/// <param name="Cluster">The cluster's name.</param>
internal sealed partial record AwsAddress(string Region, string Cluster)
{
    /// <summary>Parses an address; returns null if the text isn't one.</summary>
    public static AwsAddress? TryParse(string text) =>
        Form().Match(text) is { Success: true } match ? new(match.Groups[1].Value, match.Groups[2].Value) : null;

    /// <inheritdoc/>
    public override string ToString() => $"aws://{Region}/{Cluster}";

    /// <summary>
    /// Matches regions such as <c>us-gov-west-1</c>, and cluster names as in ECS: up to 255 letters, digits, hyphens and underscores.
    /// </summary>
    [GeneratedRegex(@"\Aaws://([a-z]{2,}(?:-[a-z]+)+-[0-9]+)/([A-Za-z0-9_-]{1,255})/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
