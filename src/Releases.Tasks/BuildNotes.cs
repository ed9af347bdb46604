using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Releases.Tasks;

/// <summary>Logs the progress of an operation as messages of the build.</summary>
internal sealed class BuildNotes(TaskLoggingHelper log) : IProgress<OperationNote>
{
    public void Report(OperationNote value)
    {
        if (value is OperationNote.Sentence sentence) log.LogMessage(MessageImportance.Normal, "{0}", sentence.Text);
    }
}
