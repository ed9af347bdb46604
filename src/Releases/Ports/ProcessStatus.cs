using System.Text.Json.Serialization;

namespace Releases;

/// <summary>The status of a process.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProcessStatus>))]
public enum ProcessStatus
{
    /// <summary>Started, not yet healthy.</summary>
    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>It answers its health check, or has run for long enough where it has none.</summary>
    [JsonStringEnumMemberName("healthy")] Healthy,

    /// <summary>It was healthy and fails its health check.</summary>
    [JsonStringEnumMemberName("unhealthy")] Unhealthy,

    /// <summary>It gets no new requests and finishes those that it has.</summary>
    [JsonStringEnumMemberName("draining")] Draining,

    /// <summary>It was told to end.</summary>
    [JsonStringEnumMemberName("stopping")] Stopping,
}
