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
            Aws = service.Aws is { } aws ? YamlText.Of(Resolve(YamlTree.Read(aws, new Findings("x-aws"))!, environment, missing)) : null,
        };
    }

    /// <summary>The same for the defaults of declared variables; that of a variable which has a value is not needed.</summary>
    public static IReadOnlyList<EnvironmentDeclaration> Resolve(
        IReadOnlyList<EnvironmentDeclaration> declarations, EnvironmentSet environment, ICollection<string> missing) =>
        [.. declarations.Select(d => environment.TryGet(d.Key, out _) ? d : d with { Default = Resolve(d.Default, environment, missing) })];

    /// <summary>Whether a text refers to a variable.</summary>
    internal static bool HasAny(string? text) => text is not null && Variable().IsMatch(text);

    /// <summary>Value by value, so that what a variable holds stays a text whatever characters it has.</summary>
    private static YamlValue Resolve(YamlValue value, EnvironmentSet environment, ICollection<string> missing) => value switch
    {
        YamlScalar scalar when Resolve(scalar.Text, environment, missing) is { } text && text != scalar.Text => scalar with { Text = text, Plain = false },
        YamlList list => list with { Items = [.. list.Items.Select(i => Resolve(i, environment, missing))] },
        YamlMap map => map with { Entries = [.. map.Entries.Select(e => e with { Value = Resolve(e.Value, environment, missing) })] },
        _ => value,
    };

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
