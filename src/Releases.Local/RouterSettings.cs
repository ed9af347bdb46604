using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>Represents the router's settings, in <c>router.json</c> of the home.</summary>
/// <param name="BehindProxy">Whether requests come from a proxy whose forwarded headers are trusted.</param>
/// <param name="MetricsPort">The port of 127.0.0.1 on which metrics are served, or null.</param>
internal sealed record RouterSettings(bool BehindProxy, int? MetricsPort = null)
{
    /// <summary>Reads the settings of a home, or returns the defaults if there are none.</summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.RouterSettings"/>.</exception>
    public static RouterSettings Read(LocalHome home)
    {
        if (!Path.Exists(home.RouterSettings)) return new(BehindProxy: false);
        try
        {
            var settings = JsonSerializer.Deserialize(File.ReadAllBytes(home.RouterSettings), RouterJson.Default.RouterSettings);
            return settings is { MetricsPort: null or (> 0 and <= ushort.MaxValue) } ? settings : throw new JsonException();
        }
        catch (JsonException invalid)
        {
            var line = invalid.LineNumber is { } before ? $" (line {before + 1})" : "";
            throw Unusable(home, $"isn't valid{line}: it must be like {{ \"behindProxy\": true, \"metricsPort\": 9464 }}.")
                .ToException(invalid);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unusable(home, $"can't be read: {FailureReason.OfFile(unreadable, home.RouterSettings)}.").ToException(unreadable);
        }
    }

    private static Problem Unusable(LocalHome home, string what) => new(
        ProblemCode.RouterSettings, $"{home.RouterSettings} {what}",
        Remedy.Do(Operation.RestartRack, "Fix or remove it, then restart the rack"));

    /// <summary>Changes the port of the metrics, or removes it; everything else in the file stays.</summary>
    /// <exception cref="ProblemException">
    /// Fails with <see cref="ProblemCode.RouterSettings"/>, <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.
    /// </exception>
    public static void SetMetricsPort(LocalHome home, int? port)
    {
        Read(home);
        HomeFolder.Create(home);
        var file = File.Exists(home.RouterSettings) ? JsonNode.Parse(File.ReadAllBytes(home.RouterSettings))!.AsObject() : [];
        const string key = "metricsPort";
        if (port is { } number) file[key] = number;
        else file.Remove(key);
        try
        {
            AtomicFile.Write(home.RouterSettings, Encoding.UTF8.GetBytes(file.ToJsonString()));
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.Folder) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }
}

/// <summary>Serializes the settings, source-generated for Native AOT.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RouterSettings))]
internal sealed partial class RouterJson : JsonSerializerContext;
