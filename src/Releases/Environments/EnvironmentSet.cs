using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>Represents the variables of an app, sorted by key and always within the limits. It doesn't encrypt anything.</summary>
public sealed partial class EnvironmentSet : IReadOnlyCollection<KeyValuePair<string, string>>
{
    /// <summary>The maximum size as JSON, in bytes.</summary>
    public const int MaximumBytes = 48 * 1024;

    /// <summary>The maximum number of keys.</summary>
    public const int MaximumKeys = 1000;

    /// <summary>The variable with the folder of a service's own data, on the local rack.</summary>
    internal const string DataFolder = "CONVOX_DATA";

    private const string KeepElsewhere = "Keep large values in files or a secret store, and their names here.";

    private static readonly string[] Reserved =
        ["APP", "BUILD", "BUILD_DESCRIPTION", "BUILD_GIT_SHA", "RACK", "RELEASE", "SERVICE", "PORT"];

    private readonly SortedDictionary<string, string> _values;

    private EnvironmentSet(SortedDictionary<string, string> values) => _values = values;

    /// <summary>The environment without variables.</summary>
    public static EnvironmentSet Empty { get; } = new(new(StringComparer.Ordinal));

    /// <summary>The number of variables.</summary>
    public int Count => _values.Count;

    /// <summary>The keys, sorted.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>
    /// Creates an environment. Fails with <see cref="ProblemCode.Environment"/>, naming the first variable that isn't allowed.
    /// </summary>
    public static EnvironmentSet Of(IEnumerable<KeyValuePair<string, string>> values)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in values)
        {
            Check(key, value);
            sorted[key] = value;
        }

        if (sorted.Count > MaximumKeys)
            throw Refused(
                $"the environment would have {sorted.Count} variables; the limit is {MaximumKeys}",
                "Remove some, or keep lists in one variable.");
        var set = new EnvironmentSet(sorted);
        var bytes = set.ToJson().Length;
        if (bytes > MaximumBytes)
            throw Refused($"the environment would be {bytes} bytes as JSON; the limit is {MaximumBytes}", KeepElsewhere);
        return set;
    }

    /// <summary>Determines whether the text is a valid name of a variable.</summary>
    public static bool IsKey(string text) => Key().IsMatch(text);

    /// <summary>Returns the rule that an invalid variable name breaks.</summary>
    internal static string KeyRule(string text) => IsKey(text.Replace(":", "__", StringComparison.Ordinal))
        ? $".NET reads '__' as ':'; name it {text.Replace(":", "__", StringComparison.Ordinal)}."
        : "A name has letters, digits, '_', '.' and '-', and begins with a letter or '_'.";

    /// <summary>Determines whether the rack itself sets this variable for every process.</summary>
    public static bool IsReserved(string key) => Reserved.Contains(key, StringComparer.Ordinal);

    /// <summary>Gets the value of a key.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out string? value) => _values.TryGetValue(key, out value);

    /// <summary>Returns these variables with some set and some removed.</summary>
    public EnvironmentSet With(IEnumerable<KeyValuePair<string, string>> set, IEnumerable<string> unset)
    {
        var removed = unset.ToHashSet(StringComparer.Ordinal);
        return Of(_values.Where(v => !removed.Contains(v.Key)).Concat(set));
    }

    /// <summary>Returns canonical JSON: an object in UTF-8 with its keys in ordinal order.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(_values, StoreJson.Default.SortedDictionaryStringString);

    /// <summary>Reads the JSON that <see cref="ToJson"/> wrote.</summary>
    public static EnvironmentSet FromJson(ReadOnlySpan<byte> json) =>
        new(new(JsonSerializer.Deserialize(json, StoreJson.Default.SortedDictionaryStringString)!, StringComparer.Ordinal));

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void Check(string key, string value)
    {
        if (!IsKey(key))
            throw Refused($"'{key}' isn't a valid variable name", KeyRule(key));
        if (IsReserved(key))
            throw Refused($"{key} can't be set: the rack sets it for every process", "Choose another name.");
        if (value.Contains('\0', StringComparison.Ordinal))
            throw Refused(
                $"the value of {key} contains a NUL character, which no process can receive", "Encode it, for example as Base64.");
        if (Encoding.UTF8.GetByteCount(value) > MaximumBytes)
            throw Refused($"the value of {key} is larger than {MaximumBytes} bytes", KeepElsewhere);
    }

    private static ProblemException Refused(string message, string remedy) =>
        new Problem(ProblemCode.Environment, $"{message}.", remedy, ProblemKind.Usage, Unchanged: Problem.NothingChanged).ToException();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
