using Releases.Aws;
using Releases.Local;

namespace Releases;

/// <summary>The kinds of racks that there are: the one list, compiled into every head.</summary>
internal static class KnownRacks
{
    public static RackKinds All { get; } = new(
        new LocalRackKind(),
        new AwsRackKind());
}
