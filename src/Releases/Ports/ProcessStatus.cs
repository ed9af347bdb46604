using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Specifies the status of a process.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProcessStatus>))]
public enum ProcessStatus
{
    /// <summary>It was started and isn't healthy yet.</summary>
    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>It passes its health check, or, if it has none, has been running for long enough.</summary>
    [JsonStringEnumMemberName("healthy")] Healthy,

    /// <summary>It was healthy and is failing its health check.</summary>
    [JsonStringEnumMemberName("unhealthy")] Unhealthy,

    /// <summary>It gets no new requests and finishes those in flight.</summary>
    [JsonStringEnumMemberName("draining")] Draining,

    /// <summary>It was asked to end.</summary>
    [JsonStringEnumMemberName("stopping")] Stopping,
}
