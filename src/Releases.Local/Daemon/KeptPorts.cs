using System.Text.Json;
using System.Text.Json.Serialization;

namespace Releases.Local;

/// <summary>Represents the content of <c>ports.json</c>.</summary>
/// <param name="Router">The router's port.</param>
/// <param name="Services">The services' ports, by <c>app/service</c>.</param>
/// <param name="Processes">The port range of processes: <c>30000-30099</c>.</param>
internal sealed record KeptPorts(int Router, SortedDictionary<string, int> Services, string? Processes = null) : Extensible
{
    /// <summary>
    /// Reads the ports of a home. Ports are promised to clients, so a rack that doesn't know them doesn't choose others silently.
    /// </summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.DamagedStore"/>.</exception>
    public static KeptPorts Read(LocalHome home)
    {
        if (!Path.Exists(home.Ports)) return new(0, []);
        try
        {
            var kept = JsonSerializer.Deserialize(File.ReadAllBytes(home.Ports), KeptPortsJson.Default.KeptPorts);
            return kept is { Services: not null } ? kept : throw new JsonException();
        }
        catch (JsonException damaged)
        {
            // It is no JSON of ports, as after a power failure.
            throw Unreadable(home, "is damaged").ToException(damaged);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(home, $"can't be read: {FailureReason.OfFile(unreadable, home.Ports)}").ToException(unreadable);
        }
    }

    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.HomeNotWritable"/> or
    /// <see cref="ProblemCode.DiskFull"/>.</exception>
    public void Write(LocalHome home)
    {
        try
        {
            AtomicFile.Write(home.Ports, JsonSerializer.SerializeToUtf8Bytes(this, KeptPortsJson.Default.KeptPorts));
        }
        catch (Exception refused) when (DiskProblems.From(refused, home.Ports) is { } problem)
        {
            throw problem.ToException(refused);
        }
    }

    private static Problem Unreadable(LocalHome home, string what) => new(
        ProblemCode.DamagedStore, $"{home.Ports} {what}, so the ports of the rack and its services aren't known.",
        "Restore a backup of it, or remove it: the rack then chooses ports again.");
}

/// <summary>Serializes the ports, source-generated for Native AOT.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptPorts))]
internal sealed partial class KeptPortsJson : JsonSerializerContext;
