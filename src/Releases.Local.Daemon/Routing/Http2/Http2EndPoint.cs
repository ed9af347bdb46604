using System.Net;

namespace Releases.Local;

/// <summary>Represents the only address that Kestrel knows; connections are handed to it, whatever port they were accepted on.</summary>
internal sealed class Http2EndPoint : EndPoint
{
    public override string ToString() => "router";
}
