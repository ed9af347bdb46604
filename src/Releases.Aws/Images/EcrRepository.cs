using System.Text.RegularExpressions;

namespace Releases.Aws;

/// <summary>Represents a repository in ECR, of any account and region.</summary>
/// <param name="Account">The account id.</param>
/// <param name="Region">The region.</param>
/// <param name="Name">Its name.</param>
internal sealed partial record EcrRepository(string Account, string Region, string Name)
{
    /// <summary>Returns the repository of an image, or null if the image isn't in ECR.</summary>
    public static EcrRepository? Of(string image) => Ecr().Match(image) is { Success: true } found
        ? new(found.Groups[1].Value, found.Groups[2].Value, found.Groups[3].Value)
        : null;

    /// <summary>
    /// Returns the repository that releasing a service with this <c>image</c> reads, or null if it reads none: a tag is looked up, and an
    /// image that was built for a rack is checked.
    /// </summary>
    public static EcrRepository? ReadFor(string image)
    {
        if (image.Contains("${", StringComparison.Ordinal) || Of(image) is not { } repository) return null;
        return ImageReference.Parse(image) is null || AwsNames.IsRepository(repository.Name) ? repository : null;
    }

    /// <summary>Returns its ARN.</summary>
    public string Arn(string partition) => $"arn:{partition}:ecr:{Region}:{Account}:repository/{Name}";

    [GeneratedRegex(@"\A([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.(?:com(?:\.cn)?|eu)/([^:@]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Ecr();
}
