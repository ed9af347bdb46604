namespace Releases;

/// <summary>Determines which of an app's variables a process gets.</summary>
internal static class ProcessEnvironment
{
    /// <summary>
    /// Returns the variables that the service and the app declare, with their defaults; all variables if neither declares any, or one
    /// declares <c>*</c>. Declared keys without a default and a value are added to the scope's missing ones.
    /// </summary>
    public static Dictionary<string, string> Of(IReadOnlyList<EnvironmentDeclaration> declared,
        EnvironmentSet environment, VariableScope scope)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in declared.Where(d => !d.IsEverything).Select(d => d.Key).Distinct(StringComparer.Ordinal))
        {
            if (scope.Find(key) is { } value) result[key] = value;
            else scope.Missing.Add(key);
        }

        if (declared.Count == 0 || declared.Any(d => d.IsEverything))
            foreach (var (key, value) in environment) result[key] = value;
        return result;
    }
}
