using System.Net;

namespace Releases.Local;

/// <summary>The one address that Kestrel knows of; connections are handed to it, whatever port they came in at.</summary>
internal sealed class Http2EndPoint : EndPoint
{
    public override string ToString() => "router";
}
