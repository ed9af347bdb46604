using System.Text.Json;

namespace Releases;

/// <summary>Reads stored hooks, so that one that can't be read doesn't hide the others.</summary>
public static class StoredHooks
{
    /// <summary>Returns the hooks.</summary>
    /// <param name="documents">The stored documents.</param>
    /// <param name="unreadable">Receives what is wrong with a hook that is then left out; if null, the read fails.</param>
    public static IEnumerable<Hook> Read(IEnumerable<string> documents, Action<ProblemException>? unreadable)
    {
        var hooks = new List<Hook>();
        foreach (var document in documents)
        {
            try
            {
                hooks.Add(StoredDocument.Read(document, StoreJson.Default.Hook));
            }
            catch (ProblemException newer) when (unreadable is not null)
            {
                unreadable(newer);
            }
            catch (JsonException damaged) when (unreadable is not null)
            {
                unreadable(new Problem(
                    ProblemCode.DamagedStore, "the record of a hook is damaged, so nothing is delivered to it. The other hooks work.",
                    Remedy.Do(Operation.ListHooks, "List hooks, and add it again")).ToException(damaged));
            }
        }

        return hooks;
    }
}
