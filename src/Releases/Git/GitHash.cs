using System.Security.Cryptography;
using System.Text;

namespace Releases;

/// <summary>The hash by which git knows a content.</summary>
internal static class GitHash
{
    public static byte[] Of(string type, byte[] content)
    {
#pragma warning disable CA5350 // Git's own hash: it names a content here, and protects nothing.
        return SHA1.HashData([.. Encoding.ASCII.GetBytes($"{type} {content.Length}\0"), .. content]);
#pragma warning restore CA5350
    }
}
