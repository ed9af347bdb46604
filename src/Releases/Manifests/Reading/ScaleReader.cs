using System.Globalization;
using System.Text.RegularExpressions;

namespace Releases;

/// <summary>
/// Reads <c>scale</c>: a count, a range (<c>1-30</c>, <c>{ min, max }</c>) that starts with its minimum, or the full form.
/// </summary>
internal sealed partial class ScaleReader(YamlValue? value, ServiceName service, ManifestDiagnostics diagnostics, HashSet<string> stated)
{
    private const int MaxProcesses = 1000;
    private const int MaxRequests = 1_000_000;
    private const int MaxCpuUnits = 1024 * 1024;
    private const int MaxMemoryMiB = 16 * 1024 * 1024;

    public ServiceScale Read()
    {
        if (value is YamlScalar)
        {
            stated.Add("scale.count");
            var only = ReadCount(value, "scale");
            WarnOfRange(only, value);
            return only;
        }

        if (ManifestSection.Read(value, ManifestKeys.Scale, diagnostics, "'scale'") is not { } scale) return new();
        stated.UnionWith(scale.Keys.Where(k => k is not ("min" or "max")).Select(k => $"scale.{k}"));
        if (scale["min"] is not null) stated.Add("scale.count");
        var count = scale["count"] is { } own ? ReadCount(own, "scale.count") : ReadRange(scale, "scale");
        if (scale["targets"] is null) WarnOfRange(count, scale["count"] ?? scale["max"]);
        return count with
        {
            Targets = ReadTargets(scale["targets"]),
            Cpu = Size(scale["cpu"], "scale.cpu", MaxCpuUnits, "CPU units, 1024 each core", Units),
            Memory = Size(scale["memory"], "scale.memory", MaxMemoryMiB, "MiB", Mebibytes),
        };
    }

    private ServiceScale ReadCount(YamlValue count, string key)
    {
        if (count is YamlMap)
            return ManifestSection.Read(count, ManifestKeys.Count, diagnostics, $"'{key}'") is { } range ? ReadRange(range, key) : new();
        if (count is YamlScalar { Text: var text } && Range().Match(text) is { Success: true } match)
            return Checked(count, key, ValueReader.Whole(match.Groups[1].Value), ValueReader.Whole(match.Groups[2].Value));
        return new() { Count = diagnostics.Number(count, key, 0, MaxProcesses, "Write a number, or a range such as 1-3.") ?? 1 };
    }

    private ServiceScale ReadRange(ManifestSection range, string key)
    {
        var (min, max) = (diagnostics.Number(range["min"], $"{key}.min", 0, MaxProcesses),
            diagnostics.Number(range["max"], $"{key}.max", 0, MaxProcesses));
        return range["max"] is { } at && max is not null ? Checked(at, key, min ?? Math.Min(1, max.Value), max)
            : new() { Count = min ?? 1 };
    }

    private ServiceScale Checked(YamlValue at, string key, int? min, int? max)
    {
        if (min is not { } least || max is not { } most || most > MaxProcesses || least > most)
            diagnostics.Error(at, $"'{key}' must be a range of whole numbers from 0 to {MaxProcesses}, the smaller first.",
                "For example: 1-3");
        return new() { Count = min ?? 1, Most = max };
    }

    /// <summary>
    /// No warning is needed with targets: their author knows that only Application Auto Scaling, on AWS, scales the service.
    /// </summary>
    private void WarnOfRange(ServiceScale scale, YamlValue? at)
    {
        if (scale is { Most: { } most, IsRange: true } && at is not null)
            diagnostics.WarnOfLocalRack(
                at,
                $"{service} starts with {scale.Count} of at most {Releases.Quantity.Text(most, "process", "processes")}; "
                    + "nothing scales it automatically on a local rack.",
                Remedy.Do(Operation.Scale, "Change the count", $"{service}", $"{most}"));
    }

    private ScaleTargets? ReadTargets(YamlValue? value)
    {
        var found = diagnostics.ForKeysOnceIgnored;
        if (ManifestSection.Read(value, ManifestKeys.Targets, found, "'scale.targets'") is not { } targets) return null;
        return new(
            found.Number(targets["cpu"], "scale.targets.cpu", 1, 100, "It is in percent."),
            found.Number(targets["memory"], "scale.targets.memory", 1, 100, "It is in percent."),
            found.Number(targets["requests"], "scale.targets.requests", 1, MaxRequests, "It is requests a minute for each process."));
    }

    /// <summary>In Convox, 0 leaves the size to the rack.</summary>
    private int? Size(YamlValue? size, string key, int most, string unit, Func<string, int?> read) =>
        diagnostics.Number(size, key, 0, most, Hint(size, unit, read)) is > 0 and var stated ? stated : null;

    private static string Hint(YamlValue? size, string unit, Func<string, int?> read) =>
        size is YamlScalar { Text: var text } && read(text) is { } number ? $"It is in {unit}: write {number}." : $"It is in {unit}.";

    /// <summary>Converts Kubernetes millicores and fractional cores.</summary>
    private static int? Units(string text) =>
        Quantity().Match(text) is { Success: true } match
            && decimal.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number)
            && match.Groups[2].Value is "" or "m" ? Sensible(number * 1024 / (match.Groups[2].Length > 0 ? 1000 : 1)) : null;

    private static int? Mebibytes(string text)
    {
        if (Quantity().Match(text) is not { Success: true } match
            || !decimal.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number))
            return null;
        return match.Groups[2].Value.ToLowerInvariant().TrimEnd('b', 'i') switch
        {
            "m" => Sensible(number),
            "g" => Sensible(number * 1024),
            _ => null,
        };
    }

    private static int? Sensible(decimal number) => number is >= 1 and <= MaxMemoryMiB ? (int)Math.Round(number) : null;

    [GeneratedRegex(@"\A\s*([0-9]+)\s*-\s*([0-9]+)\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Range();

    [GeneratedRegex(@"\A([0-9]{1,9}(?:\.[0-9]{1,6})?)([A-Za-z]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();
}
