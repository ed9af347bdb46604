namespace Releases;

/// <summary>Which of an app's variables a process gets.</summary>
internal static class ProcessEnvironment
{
    /// <summary>
    /// What the service and the app declare, with their defaults; everything where neither declares anything, or one
    /// declares <c>*</c>. Keys that are declared without default and have no value are added to <paramref name="required"/>.
    /// </summary>
    public static Dictionary<string, string> Of(Manifest manifest, Service service, EnvironmentSet environment, ISet<string> required)
    {
        List<EnvironmentDeclaration> declared = [.. manifest.Environment, .. service.Environment];
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var declaration in declared.Where(d => !d.IsEverything))
        {
            if (environment.TryGet(declaration.Key, out var value)) result[declaration.Key] = value;
            else if (declaration.Default is { } fallback) result[declaration.Key] = fallback;
            else missing.Add(declaration.Key);
        }

        if (declared.Count == 0 || declared.Any(d => d.IsEverything))
            foreach (var (key, value) in environment) result[key] = value;
        required.UnionWith(missing.Where(k => !result.ContainsKey(k)));
        return result;
    }
}
