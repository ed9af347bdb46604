using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// Resolves <c>${NAME}</c> in a service's texts (<c>health.path</c>, <c>image</c>, <c>x-aws</c>, defaults of variables) from a
/// release's environment. <c>command</c> and <c>release</c> are left to <c>sh</c>; numbers cannot hold it.
/// </summary>
public static partial class ManifestVariables
{
    /// <summary>The service with everything resolved; names that have no value are added to <paramref name="missing"/> and left as they are.</summary>
    public static Service Resolve(Service service, EnvironmentSet environment, ICollection<string> missing)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service with
        {
            Image = Resolve(service.Image, environment, missing),
            Health = service.Health with { Path = Resolve(service.Health.Path, environment, missing) },
            Environment = Resolve(service.Environment, environment, missing),
            Aws = Resolve(service.Aws, environment, missing),
        };
    }

    /// <summary>The same for the defaults of declared variables; that of a variable which has a value is not needed.</summary>
    public static IReadOnlyList<EnvironmentDeclaration> Resolve(
        IReadOnlyList<EnvironmentDeclaration> declarations, EnvironmentSet environment, ICollection<string> missing) =>
        [.. declarations.Select(d => environment.TryGet(d.Key, out _) ? d : d with { Default = Resolve(d.Default, environment, missing) })];

    private static string? Resolve(string? text, EnvironmentSet environment, ICollection<string> missing) =>
        text is null ? null : Variable().Replace(text, match =>
        {
            var name = match.Groups[1].Value;
            if (environment.TryGet(name, out var value)) return value;
            if (!missing.Contains(name)) missing.Add(name);
            return match.Value;
        });

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
