namespace Releases;

/// <summary>
/// Resolves <c>${NAME}</c> for one service: from the app's environment, else a declared default, else what the rack provides.
/// </summary>
/// <param name="environment">The release's environment.</param>
/// <param name="declared">The app's declarations, then the service's own, which take precedence.</param>
/// <param name="given">The variables that the rack provides and that are known before a process starts.</param>
/// <param name="later">The names of variables that the rack provides to each process when it starts.</param>
internal sealed class VariableScope(
    EnvironmentSet environment, IEnumerable<EnvironmentDeclaration> declared, IReadOnlyDictionary<string, string> given,
    IReadOnlySet<string> later)
{
    private readonly Dictionary<string, string?> _defaults = Defaults(declared);
    private readonly Dictionary<string, (string Text, bool IsSecret)> _resolved = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];
    private bool _sawSecret;

    /// <summary>The names of required variables without a value.</summary>
    public SortedSet<string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>Circular defaults, as <c>A → B → A</c>.</summary>
    public SortedSet<string> Loops { get; } = new(StringComparer.Ordinal);

    /// <summary>The variables whose default contains a value of the release's environment.</summary>
    public IEnumerable<string> SecretDefaults => _resolved.Where(r => r.Value.IsSecret).Select(r => r.Key).Order(StringComparer.Ordinal);

    /// <summary>Returns the value of a variable in a process, or null if it has none. Parts that are known only later are marked.</summary>
    public string? Find(string name)
    {
        if (environment.TryGet(name, out var value))
        {
            _sawSecret = true;
            return value;
        }

        if (_defaults.TryGetValue(name, out var fallback) && fallback is not null) return Default(name, fallback);
        return given.TryGetValue(name, out var known) ? known : later.Contains(name) ? DeferredVariables.Mark(name) : null;
    }

    /// <summary>Resolves a text of the service that isn't passed to a process, so that everything in it has to be known now.</summary>
    public string Resolve(string text) => Interpolation.Resolve(
        text, name => later.Contains(name) && !environment.TryGet(name, out _) && !_defaults.ContainsKey(name) ? null
            : DeferredVariables.NullIfAny(Find(name)), name => Missing.Add(name));

    private string Default(string name, string text)
    {
        if (_resolved.TryGetValue(name, out var before))
        {
            _sawSecret |= before.IsSecret;
            return before.Text;
        }

        if (_open.IndexOf(name) is var at and >= 0)
        {
            Loops.Add(string.Join(" → ", _open.Skip(at).Append(name)));
            return "";
        }

        var saw = _sawSecret;
        (_sawSecret, var resolved) = (false, "");
        _open.Add(name);
        resolved = Interpolation.Resolve(text, Find, missing => Missing.Add(missing));
        _open.RemoveAt(_open.Count - 1);
        _resolved[name] = (resolved, _sawSecret);
        _sawSecret |= saw;
        return resolved;
    }

    private static Dictionary<string, string?> Defaults(IEnumerable<EnvironmentDeclaration> declared)
    {
        var defaults = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var declaration in declared) defaults[declaration.Key] = declaration.Default;
        return defaults;
    }
}
