namespace Releases;

/// <summary>
/// Resolves <c>${NAME}</c> in a service's texts (<c>health.path</c>, <c>health.host</c>, <c>image</c>, extensions) for one release.
/// <c>command</c>, <c>release</c> and <c>verify</c> are left to <c>sh</c>; numbers can't contain it.
/// </summary>
internal static class ManifestVariables
{
    /// <summary>
    /// Returns the service with everything resolved. What has no value stays as it is, and the scope lists it as missing.
    /// </summary>
    public static Service Resolve(Service service, VariableScope scope) => service with
    {
        Image = service.Image is { } image ? scope.Resolve(image) : null,
        Health = service.Health with
        {
            Path = service.Health.Path is { } path ? scope.Resolve(path) : null,
            Host = service.Health.Host is { } host ? scope.Resolve(host) : null,
        },
        Extensions = service.Extensions.ToDictionary(e => e.Key, e => Resolve(e.Value, scope)),
    };

    /// <summary>Resolves each value separately, so that a variable's value remains text, whatever characters it contains.</summary>
    private static YamlValue Resolve(YamlValue value, VariableScope scope) => value switch
    {
        YamlScalar scalar when scope.Resolve(scalar.Text) is var text && text != scalar.Text => scalar with { Text = text, Plain = false },
        YamlList list => list with { Items = [.. list.Items.Select(i => Resolve(i, scope))] },
        YamlMap map => map with { Entries = [.. map.Entries.Select(e => e with { Value = Resolve(e.Value, scope) })] },
        _ => value,
    };
}
