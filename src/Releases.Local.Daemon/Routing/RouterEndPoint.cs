using System.Net;

namespace Releases.Local;

/// <summary>The one address that Kestrel knows of; behind it are as many ports as the router listens at.</summary>
internal sealed class RouterEndPoint : EndPoint
{
    public override string ToString() => "router";
}
