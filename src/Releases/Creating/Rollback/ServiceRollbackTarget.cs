namespace Releases;

/// <summary>Chooses the release from which a rollback of one service without an id takes the artifact.</summary>
public static class ServiceRollbackTarget
{
    /// <summary>
    /// Walks back as for a whole release, but by what the service ran: a rollback discards what it rolled back, so a second one goes one
    /// step further.
    /// </summary>
    /// <param name="promoted">The releases of the succeeded promotions, oldest first; the last one is active.</param>
    /// <param name="service">The service.</param>
    /// <returns>The release, or null if the service ran nothing else before.</returns>
    public static Release? Find(IEnumerable<Release> promoted, ServiceName service)
    {
        var way = new List<(string Digest, Release Release)>();
        foreach (var release in promoted)
        {
            if (release.Services.GetValueOrDefault(service)?.Artifact?.Digest is not { } digest) continue;
            var before = release.Restores.ContainsKey(service) || release.CopyOf is not null
                ? way.FindLastIndex(w => w.Digest == digest)
                : -1;
            if (before >= 0) way.RemoveRange(before + 1, way.Count - before - 1);
            else if (way.Count == 0 || way[^1].Digest != digest) way.Add((digest, release));
        }

        return way.Count > 1 ? way[^2].Release : null;
    }
}
